// finds: hardcoded-secret
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        env.AWS_ACCESS_KEY_ID = 'AKIAQYLPMN5HHHFPZAM2'
        stage('Sync') { sh 'aws s3 sync dist s3://assets' }
    }
}
