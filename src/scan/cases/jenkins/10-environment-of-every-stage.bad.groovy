// finds: credentials-for-every-job
// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    environment {
        NPM_AUTH = credentials('npm-publish')
    }
    stages {
        stage('Lint') {
            steps { sh 'npm run lint' }
        }
        stage('Test') {
            steps { sh 'npm test' }
        }
        stage('Publish') {
            when { branch 'main' }
            steps { sh 'npm publish --//packages.acme.example/:_authToken="$NPM_AUTH"' }
        }
    }
}
