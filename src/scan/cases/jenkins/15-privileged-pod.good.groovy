// --- Jenkinsfile
pipeline {
    agent {
        kubernetes {
            yaml '''
                spec:
                  containers:
                    - name: builder
                      image: images.acme.example/builder:1.4
                      securityContext:
                        runAsNonRoot: true
            '''
        }
    }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Image') {
            steps { container('builder') { sh 'make image' } }
        }
    }
}
